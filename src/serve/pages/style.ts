/** The style sheet of the dashboard: that of the report, and more. */
import { STYLE } from '../../report/html/style.ts'

export const DASHBOARD_STYLE = `${STYLE}
.top{margin-top:0}.top ul{align-items:baseline}.top b{margin-right:8px}.top .me{margin-left:auto;color:var(--soft)}.top a[aria-current]{font-weight:600;text-decoration:underline}
main.page{padding-top:20px}main h1{font-size:1.625rem;margin:8px 0 2px}main h2{font-size:1rem;margin:22px 0 4px}main section{padding-top:0}main section>h2{font-size:1.125rem;margin-top:28px}main h2 .soft,th .soft{font-weight:400}
.addr{margin:0;font-size:.875rem}.addr code{background:var(--panel);padding:2px 8px;border-radius:4px;color:var(--soft)}
.sub{margin:0 0 12px;color:var(--soft);max-width:60em;overflow-wrap:anywhere}
.rows :is(th,td){padding:7px 12px 7px 0}.rows tbody th{overflow-wrap:anywhere;min-width:11em}.rows thead th{white-space:nowrap}.rows td[data-l=from]{white-space:nowrap}.rows caption{text-align:left;font-weight:600;padding:10px 0 2px}
.chip{display:inline-block;white-space:nowrap;border:1.5px solid;border-radius:4px;padding:0 8px 0 5px;font-size:.875rem;line-height:1.55;min-width:84px}.chip b{display:inline-block;width:1.15em;text-align:center;font-family:ui-monospace,Menlo,"DejaVu Sans Mono",monospace}.list .chip{min-width:0}
.c-mend,.c-repair{color:var(--mend)}.c-decide{color:var(--decide)}.c-wait{color:var(--wait)}.c-refresh{color:var(--refresh)}.c-keep{color:var(--keep)}.c-leave{color:var(--link)}
.cols{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:0 48px}.list{list-style:none;margin:4px 0;padding:0}.list li{padding:5px 0;border-bottom:1px solid var(--rule);overflow-wrap:anywhere}.list li:last-child{border:0}
.feed{font-weight:400;font-size:.875rem;margin-left:8px}
form.f{gap:8px 14px;margin:8px 0 12px;font-size:.875rem}form.f label{min-width:0}form.f .grow{flex:1 1 280px}form.f output{padding:6px 0}input::placeholder{color:var(--soft);opacity:1}
.mx th,.mx td{padding:3px 4px;vertical-align:middle}.mx tbody th{font-weight:400;padding-left:0;overflow-wrap:anywhere}.mx .c{text-align:center;width:58px;font-weight:400;line-height:1.25;overflow-wrap:anywhere}.mx .c svg{display:block;margin:0 auto}.mx .c b{color:var(--ink)}.mx .c.now a{font-weight:700;color:var(--ink)}
.hb{fill:var(--backportline)}.mp{font-weight:700;color:var(--soft);display:inline-block;min-width:34px}
.g{text-align:center;border:2px solid var(--bg)!important;background:var(--panel);color:var(--soft)}.g b{font-family:ui-monospace,Menlo,"DejaVu Sans Mono",monospace}
.g-mend,.g-repair{background:color-mix(in srgb,var(--mend) 15%,var(--bg));color:var(--mend)}.g-decide{background:color-mix(in srgb,var(--decide) 15%,var(--bg));color:var(--decide)}.g-leave{background:none;color:var(--link)}.g-refresh{color:var(--refresh)}.g-keep{color:var(--keep)}
.sum .g{color:var(--ink);background:none}.sum th{color:var(--soft)}
.facts{display:flex;flex-wrap:wrap;gap:6px 18px;margin:8px 0 10px;align-items:center}
.life{display:block;width:100%;height:auto}.life.narrow{display:none}.ln{stroke:var(--leftline);stroke-width:3}.tk{stroke:var(--leftline);stroke-width:1}.cf{fill:var(--mend)}.cx{fill:var(--bg)!important;font-size:12px;font-weight:700}.ok{fill:var(--bg);stroke:var(--leftline)}.vd{fill:var(--ink);stroke:var(--bg);stroke-width:1.5}.lb6{font-size:13px;font-weight:600}
.kpi{list-style:none;display:flex;flex-wrap:wrap;gap:6px 44px;padding:0;margin:8px 0 4px}.kpi li{display:grid}.kpi b{font-size:1.5rem;line-height:1.25}.kpi .soft{font-size:.875rem}
.dl{display:inline-block;min-width:36px;text-align:right;margin-right:8px}.sp{vertical-align:middle}.sp polyline{fill:none;stroke:var(--backportline);stroke-width:2}.sp circle{fill:var(--ink)}
.pager{font-size:.9375rem;display:flex;flex-wrap:wrap;gap:8px 18px}.card{border:1px solid var(--rule);border-radius:6px;padding:4px 16px 12px;margin-top:16px;max-width:60em}
.answer{display:grid;gap:10px;max-width:40em}.answer textarea{font:inherit;color:var(--ink);background:var(--bg);border:1px solid var(--leftline);border-radius:4px;padding:5px 8px;width:100%}
@media screen and (max-width:720px){.top .me{margin-left:0;width:100%}main h1{font-size:1.375rem}.cols{grid-template-columns:minmax(0,1fr)}.hm{display:none}.life.wide{display:none}.life.narrow{display:block}
.rows thead{display:none}.rows,.rows tbody{display:block}.rows caption{display:block}.rows tr{display:grid;grid-template-columns:auto minmax(0,1fr);gap:1px 12px;padding:9px 0;border-bottom:1px solid var(--rule)}.rows :is(td,th){border:0;padding:0;display:block}.rows tr td[data-l]{grid-column:1/3;text-align:left!important;white-space:normal;overflow-wrap:anywhere}.rows td[data-l]::before{content:attr(data-l) " ";color:var(--soft)}
.rows.p tr{display:flex;flex-wrap:wrap;gap:2px 14px;align-items:baseline}.rows.p th{flex:1 1 55%;min-width:0}.rows.p td[data-l=tried]{flex:0 0 100%}.rows.p td[data-l=size]{display:none}
.mx,.mx thead,.mx tbody{display:block}.mx tr{display:flex;flex-wrap:wrap;padding:5px 0;border-bottom:1px solid var(--rule)}.mx tr>:first-child{flex:0 0 100%}.mx :is(td,th){border:0}.mx .g,.mx .c{flex:1 1 0;width:auto;min-width:0}.mx .c{font-size:.75rem}.mx .c svg{max-width:100%}
.kpi{gap:6px 26px}}
@media print{.top,.pager,form.f{display:none}}
`
