/** Milliseconds of processor that this process takes from now on; what other programs take meanwhile does not count. */
export function processorTime(): () => number {
  const started = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(started);
    return (user + system) / 1000;
  };
}
