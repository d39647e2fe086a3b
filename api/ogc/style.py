"""The stylesheet of these pages, light and dark, written into each: they stand without the built page beside them."""

STYLE = """
:root{color-scheme:light dark;--ink:#16211f;--paper:#fbfcfb;--line:#c9d4d0;--faint:#eef3f1;--link:#0a5c52;
  --mark:#b3261e}
@media(prefers-color-scheme:dark){:root{
  --ink:#e6edeb;--paper:#111917;--line:#3a4a46;--faint:#1b2623;--link:#7fd6c7;--mark:#ff8a80}}
*{box-sizing:border-box}
body{margin:0;font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
header{padding:.75rem 1.25rem;border-bottom:1px solid var(--line);
  display:flex;gap:1rem;flex-wrap:wrap;align-items:baseline}
.name{font-weight:700;text-decoration:none}
nav ol{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem .5rem;margin:0;padding:0}
nav li+li::before{content:"/";margin-right:.5rem;opacity:.75}
main{padding:1rem 1.25rem 3rem;max-width:80rem}
a{color:var(--link)}
a:focus-visible,.broad:focus-visible{outline:3px solid var(--link);outline-offset:2px}
h1{font-size:1.6rem;margin:.5rem 0 1rem}
h2{font-size:1.1rem;margin:1.75rem 0 .5rem}
code,pre{font-family:ui-monospace,monospace;font-size:.9em;overflow-wrap:anywhere}
pre{background:var(--faint);padding:.75rem;border-radius:.4rem;white-space:pre-wrap}
.broad{overflow-x:auto;border:1px solid var(--line);border-radius:.4rem;margin:1rem 0}
table{border-collapse:collapse;width:100%;font-size:.9rem}
caption{text-align:left;padding:.6rem .75rem;font-weight:600}
th,td{text-align:left;vertical-align:top;padding:.4rem .75rem;border-top:1px solid var(--line)}
thead th{background:var(--faint);white-space:nowrap}
tbody th{font-weight:500}
td{min-width:7.5rem}
.map+table{margin-top:1rem}
time{white-space:nowrap}
dt{font-weight:600;margin-top:.5rem}
dd{margin:0}
.map{width:100%;max-width:56rem;height:auto;border:1px solid var(--line);border-radius:.4rem;
  background:var(--faint);display:block}
.ground{fill:var(--paper);stroke:var(--line);stroke-width:1}
.mark{fill:var(--mark);stroke:var(--paper);stroke-width:1.5}
.area{fill:var(--link);fill-opacity:.18;stroke:var(--link);stroke-width:1.25}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:.5rem;background:var(--paper);padding:.5rem}
.next{display:inline-block;padding:.4rem 1rem;border:1px solid var(--link);border-radius:.4rem;text-decoration:none}
""".strip()
