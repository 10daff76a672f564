/**
 * The style sheet of the report. Colours for verdicts and kinds are told apart by people who do not
 * see red and green alike, in grey too, and have a contrast of 4.5 at least as text (WCAG 2.2, 1.4.3).
 */
export const STYLE = `
:root{color-scheme:light dark;--bg:#fff;--panel:#f4f6f8;--ink:#1b2026;--soft:#56606c;--link:#0a56a3;--rule:#d8dde3;
--mend:#a8380a;--decide:#7a3e9d;--wait:#56606c;--refresh:#00665a;--keep:#2b6ca3;--left:#c3ccd6;--leftline:#6d7a88;
--debt:#b03a06;--debtline:#7a2703;--waiting:#dc9c00;--waitingline:#8a6300;--backport:#9cc4e8;--backportline:#2b6ca3}
@media screen and (prefers-color-scheme:dark){:root{--bg:#15181d;--panel:#1e2329;--ink:#e8ebef;--soft:#a5afbb;--link:#86bdff;--rule:#343b44;
--mend:#ff9d6c;--decide:#d3a9f5;--wait:#a5afbb;--refresh:#62d0bd;--keep:#86bdff;--left:#4a5563;--leftline:#93a0ae;
--debt:#f07b45;--debtline:#ffc2a3;--waiting:#f0c24b;--waitingline:#ffe09a;--backport:#35618c;--backportline:#7db3e6}}
*{box-sizing:border-box}[hidden]{display:none!important}html{-webkit-text-size-adjust:100%}
body{margin:0;overflow-wrap:break-word;background:var(--bg);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans","DejaVu Sans",Arial,sans-serif;font-variant-numeric:tabular-nums}
a{color:var(--link);text-decoration-thickness:1px;text-underline-offset:2px}
:is(a,summary,input,select,button,[tabindex]):focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:3px}
code,pre,.sha,.n{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace;font-size:.875em}
.n,code{overflow-wrap:anywhere}.sha,.nowrap{white-space:nowrap}.soft{color:var(--soft)}.small{font-size:.875rem}
.num{text-align:right!important;white-space:nowrap}
h1,h2{line-height:1.25;text-wrap:balance;overflow-wrap:anywhere}h1{font-size:2rem;margin:.35em 0 .3em;letter-spacing:-.01em}h2{font-size:1.375rem;margin:0 0 6px}h2+p{margin-top:0;max-width:60em}
.page{max-width:1120px;margin:0 auto;padding:0 24px}header{padding:28px 0 0}
.skip{position:absolute;left:-999px}.skip:focus{left:8px;top:8px;background:var(--bg);padding:8px;z-index:9}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.id{margin:0;color:var(--soft);font-size:.9375rem;overflow-wrap:anywhere}.lead{font-size:1.0625rem;max-width:62em;margin:0 0 20px}
.v{white-space:nowrap}.v b{display:inline-block;width:1.1em;text-align:center}
.v-leave{color:var(--link)}.v-mend,.v-repair{color:var(--mend)}.v-decide{color:var(--decide)}.v-wait{color:var(--wait)}.v-refresh{color:var(--refresh)}.v-keep{color:var(--keep)}
.bar{display:block;width:100%;height:26px;overflow:visible}
.b-leave{fill:var(--left);stroke:var(--leftline);stroke-width:1.2;vector-effect:non-scaling-stroke}.b-mend,.b-repair{fill:var(--mend)}.b-decide{fill:var(--decide)}.b-wait{fill:var(--wait)}.b-refresh{fill:var(--refresh)}.b-keep{fill:var(--keep)}
.tally{list-style:none;display:flex;flex-wrap:wrap;justify-content:space-between;gap:8px 20px;margin:12px 0 0;padding:0}
.tally li{border-left:5px solid;padding-left:10px;font-size:.9375rem}.tally b{font-size:1.5rem;line-height:1.2;display:block}
.t-leave{border-color:var(--leftline)!important}.t-mend,.t-repair{border-color:var(--mend)!important}.t-decide{border-color:var(--decide)!important}.t-wait{border-color:var(--wait)!important}.t-refresh{border-color:var(--refresh)!important}.t-keep{border-color:var(--keep)!important}
nav{position:sticky;top:0;background:var(--bg);border-bottom:1px solid var(--rule);margin-top:24px;z-index:5}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:0 22px;margin:0 auto;padding:9px 24px;max-width:1120px;font-size:.9375rem}nav a{text-decoration:none;padding:2px 0;display:inline-block}nav a:hover{text-decoration:underline}
section{scroll-margin-top:52px;padding-top:28px}details,li,tr{scroll-margin-top:56px}
.todo{counter-reset:t;list-style:none;padding:0;margin:12px 0 0;border-top:1px solid var(--rule)}
.todo>li{counter-increment:t;display:grid;grid-template-columns:36px 1fr minmax(0,400px);gap:4px 12px;padding:11px 0;border-bottom:1px solid var(--rule);align-items:baseline}.todo>li::before{content:counter(t);font-weight:700;font-size:1.125rem;color:var(--soft)}
.w{display:inline-block;max-width:100%}.todo code{background:var(--panel);padding:3px 8px;border-radius:4px;justify-self:start}
.work{list-style:none;padding:0;margin:14px 0 0;border-top:1px solid var(--rule)}.work>li{border-bottom:1px solid var(--rule)}
.work summary{list-style:none;cursor:pointer;display:grid;grid-template-columns:32px 40px minmax(0,1fr) auto 20px;gap:0 10px;padding:9px 0;align-items:baseline}
.work summary::-webkit-details-marker{display:none}.work summary:hover,.work details[open]>summary{background:var(--panel)}
.work summary::after{content:"+"/"";grid-column:5;grid-row:1;color:var(--soft);font-family:ui-monospace,"DejaVu Sans Mono",monospace;font-size:1.1rem}.work details[open]>summary::after{content:"−"/""}
.rank{color:var(--soft);text-align:right}.pos{font-weight:700;color:var(--mend)}.name{font-weight:600;font-size:.9375rem}.why{color:var(--mend);font-size:.875rem;text-align:right}.why span{white-space:nowrap}
.what{grid-column:3/5;font-size:.9375rem;overflow-wrap:anywhere}.more{padding:4px 0 14px 92px;scroll-margin-top:170px}.more p{margin:6px 0;overflow-wrap:anywhere}.more ul{margin:6px 0;padding-left:18px}
pre{background:var(--panel);padding:10px 12px;border-radius:6px;overflow-x:auto;margin:6px 0;line-height:1.4}pre b{color:var(--soft)}
.fold{margin-top:10px}.fold>summary{cursor:pointer;font-weight:600;padding:10px 12px;background:var(--panel);border-radius:6px}.fold>summary .soft{font-weight:400}.inside{scroll-margin-top:104px}
.decide{list-style:none;margin:12px 0 0;padding:0}.decide li{border-left:4px solid var(--decide);padding:2px 0 2px 14px;margin-bottom:14px}.decide p{margin:2px 0;overflow-wrap:anywhere}.decide .pos{color:var(--decide)}
svg text{font-family:inherit;fill:var(--ink)}.chart{display:block;width:100%;height:auto;margin-top:8px}.chart.narrow{display:none;max-width:560px}
.ax{font-size:12px;fill:var(--soft)!important}.rl{font-size:13px;font-weight:700}.lb{font-size:13px}.e{text-anchor:end}.m{text-anchor:middle}.halo{paint-order:stroke;stroke:var(--bg);stroke-width:4px;stroke-linejoin:round}
.grid{stroke:var(--rule)}.tick{stroke:var(--soft)}.reb{stroke:var(--ink);stroke-dasharray:2 3}
.k-debt{fill:var(--debt);stroke:var(--debtline)}.k-waiting{fill:var(--waiting);stroke:var(--waitingline)}.k-backport{fill:var(--backport);stroke:var(--backportline)}.k-kept{fill:var(--ink)}.k-lost{fill:var(--debt)}.k-known{fill:var(--left);stroke:var(--leftline)}
.key{display:flex;flex-wrap:wrap;gap:4px 20px;font-size:.9375rem;margin:8px 0 0;padding:0;list-style:none}.key svg{width:12px;height:12px;margin-right:7px;vertical-align:-1px;overflow:visible}
table{border-collapse:collapse;width:100%;font-size:.9375rem}th,td{text-align:left;padding:6px 10px 6px 0;border-bottom:1px solid var(--rule);vertical-align:top}thead th{color:var(--soft);font-weight:600;font-size:.875rem;vertical-align:bottom}tbody th{font-weight:600}tr:target{background:var(--panel)}
.costs :is(td,th){vertical-align:middle}.sbar{width:300px;max-width:100%;height:18px;display:block}.costs .now{background:var(--panel)}
.again th{font-weight:400;overflow-wrap:anywhere}.again .c{text-align:center;white-space:nowrap;padding-left:4px;padding-right:4px}.again td.c{border:2px solid var(--bg);background:var(--panel);color:var(--soft)}.again td.failed{background:var(--mend);color:var(--bg);font-weight:700}.again td.none{background:none}
.again td.c-leave{color:var(--link)}.again td.c-decide{color:var(--decide)}
.plain :is(td,th){overflow-wrap:anywhere}.slim{max-width:560px}
.all{table-layout:fixed}.all :is(td,th){font-size:.875rem;overflow-wrap:anywhere}.all thead th:nth-child(1){width:44px}.all thead th:nth-child(2){width:40%}.all thead th:nth-child(3){width:92px}.all thead th:nth-child(4){width:104px}.all thead th:nth-child(5){width:84px}
.all tbody th{font-weight:400;color:var(--soft)}.all tbody th :is(b,a){display:block;font:600 .8125rem/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace}.all tbody th b{color:var(--ink)}.all td:first-child{color:var(--soft)}
form{display:flex;flex-wrap:wrap;gap:10px 16px;margin:12px 0;align-items:end;font-size:.9375rem}form label{display:grid;gap:2px}input,select,button{font:inherit;max-width:100%;color:var(--ink);background:var(--bg);border:1px solid var(--leftline);border-radius:4px;padding:5px 8px}
.how{padding-left:20px;overflow-wrap:anywhere}footer{margin:40px 0 32px;color:var(--soft);font-size:.875rem}
@media screen and (max-width:860px){.chart.wide{display:none}.chart.narrow{display:block}}
@media screen and (max-width:720px){.page{padding:0 16px}h1{font-size:1.5rem}.lead{font-size:1rem}header{padding-top:16px}
.tally{display:grid;grid-template-columns:1fr 1fr}nav{position:static}nav ul{padding:8px 16px;gap:2px 16px}nav a{padding:5px 0}
.todo>li{grid-template-columns:28px minmax(0,1fr)}.todo code{grid-column:2}
.work summary{grid-template-columns:40px minmax(0,1fr) 20px}.rank{display:none}.pos{grid-column:1}.name{grid-column:2}.why{grid-column:2;text-align:left}.why:empty{display:none}.what{grid-column:2}.work summary::after{grid-column:3}.more{padding:0 0 12px}.decide .pos{grid-column:auto}
.wideonly{display:none}
.costs thead{display:none}.costs tr{display:flex;flex-wrap:wrap;gap:2px 14px;padding:9px 0;border-bottom:1px solid var(--rule)}.costs :is(td,th){border:0;padding:0}.costs th{flex:1 1 40%;font-size:1rem;order:1}.costs .sizes{order:2;font-size:1rem}.costs :is(.flow,.nodata){flex:0 0 100%;order:3}.costs td[data-l]{order:4;font-size:.875rem}.costs td[data-l]::before{content:attr(data-l) " ";color:var(--soft)}.costs .now{padding:9px 8px}
.again thead th:first-child,.again .num{display:none}.again tr{display:flex;flex-wrap:wrap;padding:6px 0;border-bottom:1px solid var(--rule)}.again tbody th{flex:0 0 100%;border:0;padding:0 0 4px}.again .c{flex:1 1 0;min-width:0;font-size:.75rem;padding:2px 0!important;border:1px solid var(--bg)}
.all,.all tbody{display:block}.all thead{display:none}.all tr{display:grid;grid-template-columns:38px minmax(0,1fr) auto;padding:7px 0;border-bottom:1px solid var(--rule)}.all :is(td,th){border:0;padding:0 6px 0 0}.all td:last-child{grid-column:2/4}.all td:nth-child(4){grid-column:2;color:var(--soft)}.all td:nth-child(5){grid-column:3;color:var(--soft)}
.plain{font-size:.875rem}}
@media print{@page{size:A4;margin:14mm}html{font-size:12.5px}.page{padding:0;max-width:none}nav,form,.skip{display:none}section{padding-top:14pt}h1{font-size:18pt}h2{break-after:avoid}tr,.work details,.decide li,.chart,.todo>li{break-inside:avoid}a{color:inherit;text-decoration:none}
.todo>li{grid-template-columns:24px 1fr 250px}.more{padding-left:40px}.fold.work-rest::details-content{content-visibility:visible;height:auto;display:block}.work summary::after{content:""/""}
.again td,.bar rect,.chart path,.sbar rect,.key rect{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`
