/** The one IndexedDB of the app: photos waiting to be sent, and lists needed without a network. */
import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { Item } from "@/outbox/item";

interface Shelves extends DBSchema {
  items: { key: string; value: Item; indexes: { created: number } };
  bytes: { key: string; value: { id: string; file: Blob } };
  answers: { key: string; value: { path: string; value: unknown } };
}

let opened: Promise<IDBPDatabase<Shelves>> | null = null;

export function openKept(): Promise<IDBPDatabase<Shelves>> {
  opened ??= openDB<Shelves>("pantau", 1, {
    upgrade(database) {
      database.createObjectStore("items", { keyPath: "id" }).createIndex("created", "createdAt");
      database.createObjectStore("bytes", { keyPath: "id" });
      database.createObjectStore("answers", { keyPath: "path" });
    },
    terminated() {
      opened = null;
    },
  }).catch((error: unknown) => {
    opened = null;
    throw error;
  });
  return opened;
}
