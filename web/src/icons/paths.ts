/** Line drawings on a 24 x 24 grid, drawn with a round 1.8 stroke: the same path serves a page's SVG and the map's canvas. */
export const CATEGORY_PATHS: Record<string, string> = {
  "sidewalk-parking": "M2 19h20M2 15h8v4M9 11l1.4-3.6A2 2 0 0 1 12.3 6h4.4a2 2 0 0 1 1.9 1.4L20 11M8 11h13v4H8zM11 15v1.5M18 15v1.5M2 15v4",
  parking: "M4 4h16v16H4zM9.5 17V7.5h3.3a3 3 0 0 1 0 6H9.5",
  vendor: "M4 10h16l-1.5-5h-13zM5 10v9M19 10v9M5 14.5h14M9 5l-1 5M15 5l1 5",
  sidewalk: "M3 7h18M3 12h18M3 17h18M8 7v5M15 7v5M11 12l1.5 2-2 1.5 1 1.5M18 12v5M5 12v5",
  rubbish: "M5 7h14M9 7V4.5h6V7M6.5 7l1 13h9l1-13M10.5 11v5.5M13.5 11v5.5",
  dumping: "M3 19h18M5 19c1-5 3.5-8 7-8s6 3 7 8M9 8l2-4M14 8l3-3M12 14v2M9 16v.5M15 16v.5",
  pothole: "M3 9h18M4 15c0-2 3.5-3.5 8-3.5S20 13 20 15s-3.5 3.5-8 3.5S4 17 4 15zM9 15l2-1.5 2 2 2.5-1.5M6 5h3M15 5h3",
  road: "M8 4 4 20M16 4l4 16M12 4v3M12 10.5v2l2 1-3 2 1 1.5V20",
  sign: "M12 3l7.5 13h-15zM12 16v5M12 8v3.5M12 13.5v.2",
  "traffic-light": "M8 3h8v18H8zM12 7.2v.1M12 12v.1M12 16.8v.1M5 7h3M16 7h3M5 12h3M16 12h3",
  streetlight: "M7 21V7a3.5 3.5 0 0 1 7 0v1M11 8h6l1.5 3h-9zM4.5 21h5M14 14v2M17 13.5l1 1.5",
  flood: "M3 14c1.5-1.3 3-1.3 4.5 0s3 1.3 4.5 0 3-1.3 4.5 0 3 1.3 4.5 0M3 19c1.5-1.3 3-1.3 4.5 0s3 1.3 4.5 0 3-1.3 4.5 0 3 1.3 4.5 0M6 10.5V8l6-4.5L18 8v2.5",
  drain: "M4 5h16v14H4zM8 5v14M12 5v14M16 5v14M4 12h16",
  tree: "M3 19h18M5 15l9-3.5M14 11.5a4.5 4.5 0 1 1 5.5 4.5c-3 .5-4.5-1-5.5-4.5zM9 13.5 8 10M5 12v6",
  banner: "M4 4v17M20 4v17M4 6h16v8H4zM8 10h8",
  water: "M12 3.5c3.5 4.5 5.5 7.3 5.5 10.2a5.5 5.5 0 0 1-11 0c0-2.9 2-5.7 5.5-10.2zM9.5 14a2.5 2.5 0 0 0 2.5 2.5",
  bridge: "M2 10h20M5 10v9M19 10v9M5 17c1.5-3.5 4-5 7-5s5.5 1.5 7 5M8 10V6M12 10V6M16 10V6M5 6h14",
  facility: "M4 20h16M6 20v-6h12v6M4 14h16M8 14V9M16 14V9M6 9h12M12 9V4",
  building: "M5 21V5h9v16M14 10h5v11M3 21h18M8 9h3M8 13h3M8 17h3M16.5 14v.2M16.5 17.5v.2",
  animal: "M4 9V5l3 2h3.5L13.5 5v4M4 9c0 3 2 4.5 4.7 4.5M13.5 9c0 1.5-.5 2.5-1.3 3.3L17 13c2 .3 3 1.5 3 4v3M7 13.5V20M11 15.5V20M17 16.5V20M7 9.5v.2M10.5 9.5v.2",
  order: "M4 10v4h3l6 4.5v-13L7 10zM16 9a4 4 0 0 1 0 6M18.5 6.5a8 8 0 0 1 0 11",
  disaster: "M2 20 9 8l3.5 6 2-3L22 20zM15 4.5l1.5 2M18.5 4.5v2.5M21 7l-1.5 1",
  levy: "M3 7h18v10H3zM12 9.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5zM6 12v.1M18 12v.1",
  harassment: "M12 3l7.5 2.5V12c0 4.5-3 7.5-7.5 9-4.5-1.5-7.5-4.5-7.5-9V5.5zM12 8v5M12 16v.2",
  photo: "M4 7.5h3.5L9 5h6l1.5 2.5H20V19H4zM12 10a3.3 3.3 0 1 1 0 6.6 3.3 3.3 0 0 1 0-6.6z",
  cctv: "M3 8l12-4 5 6-12 5zM9 14.5V20M4 20h8M20 10v4.5M14.5 8.2v.1",
  other: "M12 5v8M12 17v.3",
};

export const SIGN_PATHS = {
  received: "M12 7v5l3 2M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16z",
  verified: "M3 12c2.5-4 5.5-6 9-6s6.5 2 9 6c-2.5 4-5.5 6-9 6s-6.5-2-9-6zM12 9.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5z",
  in_progress: "M14.5 6.5a4 4 0 0 0-5 5L4 17l3 3 5.5-5.5a4 4 0 0 0 5-5L15 12l-3-3z",
  resolved: "M4.5 12.5l5 5 10-11",
  rejected: "M6 6l12 12M18 6 6 18",
  duplicate: "M8 8h12v12H8zM16 8V4H4v12h4",
  overdue: "M12 5v8.5M12 18v.3",
} as const;

export const PAGE_PATHS = {
  close: "M6 6l12 12M18 6 6 18",
  back: "M15 5l-7 7 7 7",
  next: "M9 5l7 7-7 7",
  down: "M5 9l7 7 7-7",
  filter: "M4 6h16M7 12h10M10 18h4",
  map: "M9 4 3 6.5v13L9 17l6 3 6-2.5v-13L15 7zM9 4v13M15 7v13",
  list: "M9 6h11M9 12h11M9 18h11M4.5 6v.1M4.5 12v.1M4.5 18v.1",
  sun: "M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4",
  moon: "M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z",
  leave: "M14 4h5v16h-5M4 12h11M11 8l4 4-4 4",
  camera: CATEGORY_PATHS["photo"] ?? "",
  pictures: "M4 5h16v14H4zM4 16l5-5 4 4 2.5-2.5L20 17M15.5 9v.2",
  pin: "M12 21c-4.5-4.5-7-8-7-11a7 7 0 0 1 14 0c0 3-2.5 6.5-7 11zM12 7.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5z",
  locate: "M12 6a6 6 0 1 1 0 12 6 6 0 0 1 0-12zM12 2.5V6M12 18v3.5M2.5 12H6M18 12h3.5M12 11.5v1",
  clock: SIGN_PATHS.received,
  send: "M4 12 20 4l-5 16-4-6zM11 14 20 4",
  again: "M4.5 12a7.5 7.5 0 0 1 13-5L20 9.5M20 4v5.5h-5.5M19.5 12a7.5 7.5 0 0 1-13 5L4 14.5M4 20v-5.5h5.5",
  search: "M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM15.5 15.5 20.5 20.5",
  link: "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7l-1.3 1.3M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7l1.3-1.3",
  copy: SIGN_PATHS.duplicate,
  check: SIGN_PATHS.resolved,
  warn: "M12 4 21 19.5H3zM12 10v4.5M12 17v.1",
  info: "M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17zM12 11v5.5M12 7.7v.1",
  lock: "M6 10.5h12V20H6zM8.5 10.5V8a3.5 3.5 0 0 1 7 0v2.5",
  gear: "M4 7h9M17 7h3M4 17h3M11 17h9M15 5a2 2 0 1 1 0 4 2 2 0 0 1 0-4zM9 15a2 2 0 1 1 0 4 2 2 0 0 1 0-4z",
  offline: "M3 4l18 17M8.5 15.5a5 5 0 0 1 6.5-.3M5.5 12a9.5 9.5 0 0 1 5-2.6M18.5 12a9.5 9.5 0 0 0-3.3-2.2M12 19.3v.1",
  cctv: CATEGORY_PATHS["cctv"] ?? "",
  bars: "M4 20h16M7 20v-6M12 20V5M17 20v-9",
  paper: "M6 3h9l4 4v14H6zM15 3v4h4M9 12h7M9 16h7M9 8h3",
  download: "M12 4v11M7 10.5l5 5 5-5M4 20h16",
  edit: "M4 20l1-4.5L16 4.5l3.5 3.5L8.5 19zM13.5 7l3.5 3.5",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
} as const;

export type PageIcon = keyof typeof PAGE_PATHS;
export type SignIcon = keyof typeof SIGN_PATHS;

/** The drawing for a category's `icon`, or the plain mark where an imported catalogue names one that is not drawn here. */
export function categoryPath(icon: string | null | undefined): string {
  return (icon && CATEGORY_PATHS[icon]) || (CATEGORY_PATHS["other"] ?? "");
}
