import { createApp } from "vue";
import App from "@/App.vue";
import { startOutbox } from "@/outbox/outbox";
import { router } from "@/router";
import { loadCategories, loadPlaces } from "@/session/lists";
import { begin } from "@/session/session";
import { i18n } from "@/texts";
import "@/style/tokens.css";
import "@/style/base.css";
import "@/style/controls.css";

createApp(App).use(i18n).use(router).mount("#app");

// A page without a network begins with what was known last; what is then still missing says so where it is needed.
void begin()
  .then(() => Promise.all([loadCategories(), loadPlaces(), startOutbox()]))
  .catch((error: unknown) => console.warn("could not begin:", error));
