import { onScopeDispose, readonly, ref, type Ref } from "vue";

/** Whether there is room for list and map side by side; follows the window. */
export function useWide(): Readonly<Ref<boolean>> {
  const query = window.matchMedia("(min-width: 900px)");
  const wide = ref(query.matches);
  const follow = (event: MediaQueryListEvent): void => void (wide.value = event.matches);
  query.addEventListener("change", follow);
  onScopeDispose(() => query.removeEventListener("change", follow));
  return readonly(wide);
}
