import { createRouter, createWebHistory } from "vue-router";
import { i18n } from "@/texts";

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: "/", name: "command", component: () => import("@/command/CommandPage.vue"), meta: { title: "app.command" } },
    {
      path: "/kirim",
      alias: "/send",
      name: "send",
      component: () => import("@/send/SendPage.vue"),
      meta: { title: "app.send" },
    },
    {
      path: "/masuk",
      alias: "/login",
      name: "sign-in",
      component: () => import("@/account/SignInPage.vue"),
      meta: { title: "app.signIn" },
    },
    {
      path: "/kamera",
      alias: "/cameras",
      name: "cameras",
      component: () => import("@/cameras/CamerasPage.vue"),
      meta: { title: "camera.title" },
    },
    {
      path: "/izin",
      alias: "/permits",
      name: "permits",
      component: () => import("@/permits/PermitsPage.vue"),
      meta: { title: "permit.title" },
    },
    {
      path: "/ringkasan",
      alias: "/summary",
      name: "summary",
      component: () => import("@/summary/SummaryPage.vue"),
      meta: { title: "counts.title" },
    },
    { path: "/ticket", name: "ticket", component: () => import("@/account/TicketPage.vue"), meta: { title: "ticket.title" } },
    { path: "/admin", name: "admin", component: () => import("@/admin/AdminPage.vue"), meta: { title: "app.admin" } },
    {
      path: "/aduan/:reference",
      redirect: (to) => ({ name: "command", query: { incident: `complaint:${String(to.params["reference"])}` } }),
    },
    { path: "/:rest(.*)*", component: () => import("@/common/MissingPage.vue"), meta: { title: "app.missing" } },
  ],
});

router.afterEach((to) => {
  const title = to.meta["title"];
  document.title = typeof title === "string" ? `${i18n.global.t(title)} · Pantau` : "Pantau";
});
