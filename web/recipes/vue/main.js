import { createApp } from "vue";
import "sonde/echo-viewer";
import App from "./App.vue";

createApp(App).mount("#app");
