import { mount } from "svelte";
import "sonde/echo-viewer";
import App from "./App.svelte";

mount(App, { target: document.querySelector("#app") });
