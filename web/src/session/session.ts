/** Who is at this page and what is installed here: one reactive record, read everywhere, written here. */
import { computed, shallowReactive, shallowReadonly } from "vue";
import { get, introduce, post, remove } from "@/api/client";
import { Problem } from "@/api/problem";
import type { Installation, Me, Right } from "@/api/types";
import { forgetAll, getKept, keep } from "@/session/kept";
import { language, setLanguage } from "@/texts";

const NOBODY: Me = { account: null, rights: ["public"], csrf: null };

// Shallow: what the service said stays plain data, which IndexedDB can store.
const state = shallowReactive<{ me: Me; installation: Installation | null; ready: boolean }>({
  me: NOBODY,
  installation: null,
  ready: false,
});

export const session = shallowReadonly(state);
export const signedIn = computed(() => state.me.account !== null);
export const zone = computed(() => state.installation?.timezone ?? "Asia/Jakarta");
export const may = (right: Right): boolean => state.me.rights.includes(right);

introduce({
  language: () => language.value,
  csrf: () => state.me.csrf,
  signedOut: () => void (state.me = NOBODY),
});

/** Loads the installation and who is signed in; without a network, what was known last. */
export async function begin(): Promise<void> {
  try {
    state.installation = await getKept<Installation>("installation");
    await refreshMe();
  } finally {
    state.ready = true;
  }
}

/** Asks again who is signed in, which also renews the CSRF token. */
export async function refreshMe(): Promise<void> {
  try {
    state.me = await getKept<Me>("me");
  } catch (error) {
    if (!(error instanceof Problem && error.status === 401)) throw error;
    state.me = NOBODY;
  }
}

async function enter(path: string, body: unknown): Promise<void> {
  state.me = await post<Me>(path, body);
  if (state.me.csrf === null) state.me = await get<Me>("me");
  await keep("me", state.me);
  const own = state.me.account?.language;
  if (own === "id" || own === "en") setLanguage(own, false);
}

export const signIn = (login: string, password: string): Promise<void> => enter("session", { login, password });
export const signInDemo = (login: string): Promise<void> => enter("session/demo", { login });
export const useTicket = (body: Record<string, string>): Promise<void> => enter("tickets", body);

/** Ends the session and forgets every list of this person; photos not sent yet stay for their owner's return. */
export async function signOut(): Promise<void> {
  await remove("session");
  await forgetAll();
  state.me = NOBODY;
  await begin();
}
