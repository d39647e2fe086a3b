/** The present minute, so that "3 minutes ago" does not stand still. */
import { shallowRef } from "vue";

export const now = shallowRef(new Date());
window.setInterval(() => (now.value = new Date()), 30_000);
