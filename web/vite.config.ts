import { fileURLToPath } from "node:url";
import vue from "@vitejs/plugin-vue";
import { VitePWA } from "vite-plugin-pwa";
import { defineConfig } from "vitest/config";

/** Where `npm run dev` finds the running service; the built pages are served by it and need no such thing. */
const service = process.env["PANTAU_DEV_SERVICE"] ?? "http://127.0.0.1:8000";
/** The addresses that are the service's own, not the pages' (api/roots.py). */
const ROOTS = ["/api", "/ogc", "/stac", "/tiles"];

export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  plugins: [
    vue(),
    VitePWA({
      injectRegister: null,
      registerType: "prompt",
      manifest: {
        id: "/",
        name: "Pantau",
        short_name: "Pantau",
        description: "Laporan lapangan dan pusat komando kota",
        lang: "id",
        start_url: "/kirim",
        scope: "/",
        display: "standalone",
        background_color: "#0d1517",
        theme_color: "#0c5a57",
        icons: [
          { src: "/icons/icon-192.png", sizes: "192x192", type: "image/png" },
          { src: "/icons/icon-512.png", sizes: "512x512", type: "image/png" },
          { src: "/icons/maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
        ],
        shortcuts: [{ name: "Pusat komando", url: "/" }],
      },
      workbox: {
        globPatterns: ["**/*.{js,mjs,css,html,woff2,svg,png}"],
        maximumFileSizeToCacheInBytes: 4_000_000,
        navigateFallback: "/index.html",
        // Answers of the service hold people's data: the worker keeps none of them. Some are pages of their own.
        navigateFallbackDenylist: ROOTS.map((root) => new RegExp(`^${root}(/|$)`)),
        cleanupOutdatedCaches: true,
      },
    }),
  ],
  build: { target: "es2022", sourcemap: false, chunkSizeWarningLimit: 1400, assetsInlineLimit: 0 },
  worker: { format: "es" },
  server: { proxy: Object.fromEntries(ROOTS.map((root) => [root, service])) },
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
});
