import { ref, shallowRef } from "vue";
import { sentence } from "@/common/sentence";

/** A list of the service with what went wrong beside it; `act` runs a change and loads again. */
export function useList<T>(load: () => Promise<T>) {
  const value = shallowRef<T | null>(null);
  const problem = ref("");
  let flight = 0;

  async function reload(): Promise<void> {
    const mine = ++flight;
    try {
      const found = await load();
      // What was asked before and comes after says nothing any more.
      if (mine === flight) value.value = found;
    } catch (error) {
      problem.value = sentence(error);
    }
  }
  async function act(change: () => Promise<unknown>): Promise<void> {
    problem.value = "";
    try {
      await change();
      await reload();
    } catch (error) {
      problem.value = sentence(error);
    }
  }
  void reload();
  return { value, problem, act };
}
