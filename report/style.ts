/** The look of the control room, in one file: its tokens, and what a report needs of its parts. No other host. */
const LIGHT = `--paper:#f6f8f8;--sheet:#fff;--shade:#eaeeef;--ink:#12171a;--ink-2:#434c52;--ink-3:#5b656b;--rule:#cfd6d9;--rule-2:#87929a;
--met:#126b5e;--notmet:#8e0600;--notmet-tint:#f9e2dd;--unsure:#8a6600;--unsure-tint:#f5ebcf;--inhand:#0c3f94;--waived:#7957a6;--idle:#3a3f46;`;
const DARK = `--paper:#0e1315;--sheet:#141a1d;--shade:#1c2428;--ink:#e7ecee;--ink-2:#b0babf;--ink-3:#8e999f;--rule:#2a3439;--rule-2:#66727a;
--met:#46a289;--notmet:#e56a36;--notmet-tint:#3a1e12;--unsure:#eebb3f;--unsure-tint:#322811;--inhand:#68bbff;--waived:#a176d4;--idle:#d2d6d9;`;

export const STYLE = `
:root{color-scheme:light dark;${LIGHT}
--text:"IBM Plex Sans Variable","IBM Plex Sans",ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;
--mono:"IBM Plex Mono",ui-monospace,"SF Mono","Cascadia Mono",Menlo,Consolas,monospace}
@media screen and (prefers-color-scheme:dark){:root{${DARK}}}
*,*::before,*::after{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:.875rem/1.25rem var(--text);font-variant-numeric:tabular-nums}
main{max-width:76rem;margin:0 auto;padding:1.5rem 2rem 3rem}
h1,h2,h3,p,ul,dl,dd,figure,table{margin:0;padding:0}
h1{font:600 1.25rem/1.75rem var(--text)}
h1,.kind,.stamp,footer{overflow-wrap:anywhere}
h2{font:600 1rem/1.5rem var(--text)}
h3{font:600 .875rem/1.25rem var(--text);margin:1.5rem 0 .5rem;break-after:avoid;overflow-wrap:anywhere}
code{font-family:var(--mono);font-size:.92em;overflow-wrap:anywhere}
.none{position:absolute}
.skip{position:absolute;top:-4rem;left:1rem;background:var(--ink);color:var(--paper);padding:.5rem 1rem}
.skip:focus{top:.5rem}
.kind{color:var(--ink-2)}
.call{display:flex;align-items:center;gap:1rem;margin-top:.75rem;color:var(--state)}
.call svg{width:3rem;height:3rem;flex:none}
.call strong{font:700 3.25rem/1 var(--text);letter-spacing:-.025em;font-stretch:88%}
.call+.alert{margin-top:.75rem}
.because{font-size:1.25rem;line-height:1.75rem;max-width:60ch;margin-top:.75rem;overflow-wrap:anywhere;white-space:pre-line}
.stamp{color:var(--ink-2);margin-top:.75rem;max-width:90ch}
.met{--state:var(--met)}.notmet{--state:var(--notmet)}.unsure{--state:var(--unsure)}
.inhand{--state:var(--inhand)}.waived{--state:var(--waived)}.idle{--state:var(--idle)}
.toc{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;margin-top:1.5rem;padding:.75rem 0;border-block:1px solid var(--rule)}
a{color:inherit;text-underline-offset:.2em;text-decoration-color:var(--rule-2)}
a:focus-visible,.scroll:focus-visible{outline:2px solid var(--inhand);outline-offset:2px}
section{margin-top:3rem}
section>header{border-top:2px solid var(--ink);padding:.5rem 0 .75rem;display:flex;align-items:baseline;gap:.75rem;break-after:avoid}
section>header .count{margin-left:auto;color:var(--ink-2);text-align:end}
section>p,section>ul,section>dl{margin:.5rem 0;max-width:90ch;overflow-wrap:anywhere}
p.alert{border-inline-start:4px solid var(--unsure);background:var(--unsure-tint);padding:.5rem .75rem;max-width:none;display:flex;gap:.5rem}
p.alert svg{flex:none;margin-top:.125rem;color:var(--unsure)}
table{border-collapse:collapse;width:100%}
dl+table,table+table{margin-top:1rem}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
th{text-align:start;font:.75rem/1rem var(--text);color:var(--ink-3);padding:0 1rem .5rem 0;border-bottom:1px solid var(--rule-2);vertical-align:bottom}
td{padding:.5rem 1rem .5rem 0;border-bottom:1px solid var(--rule);vertical-align:top;overflow-wrap:anywhere;white-space:pre-line;unicode-bidi:isolate}
tr>:last-child{padding-right:0}
td>span,dd>span{display:block;unicode-bidi:isolate}
td>span+span,dd>span+span{margin-top:.125rem;color:var(--ink-2)}
td{min-width:5.5rem}
td:nth-child(2){min-width:9.5rem}
.c1{width:9.5rem}
.state{display:inline-flex;overflow-wrap:normal;gap:.5rem;color:var(--state);font-weight:600}
.state svg,.key svg,p.alert svg{width:1rem;height:1rem;flex:none;margin-top:.125rem}
.why{display:block;color:var(--ink-2)}
dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:0 1.5rem}
dt,dd{padding:.375rem 0;border-bottom:1px solid var(--rule)}
dt{color:var(--ink-2)}
dd{overflow-wrap:anywhere;white-space:pre-line;unicode-bidi:isolate}
.scroll{overflow-x:auto}
.scroll svg{display:block;width:100%;min-width:46rem;height:auto;margin-top:.5rem;break-inside:avoid}
.plot text{font:11px var(--text);fill:var(--ink-2)}
.plot .id{font-family:var(--mono);fill:var(--ink)}
.plot .strong{font-weight:600;fill:var(--ink)}
.plot .axis{stroke:var(--rule);stroke-width:1}
.plot .mark{stroke:var(--ink);stroke-width:1;stroke-dasharray:3 3}
.plot .end{stroke:var(--ink);stroke-width:2}
.plot .open{fill:var(--paper);stroke:var(--idle);stroke-width:1.5}
.plot .acknowledged{fill:var(--inhand);stroke:var(--inhand);fill-opacity:.35}
.plot .waiting{stroke:var(--idle);stroke-width:1.5;stroke-dasharray:2 4}
.plot .resolved{stroke:var(--met);stroke-width:3}
.plot .waived{stroke:var(--waived);stroke-width:3;stroke-dasharray:8 3}
.plot .late{fill:var(--unsure);fill-opacity:.45;stroke:var(--unsure)}
.plot .flag{fill:var(--ink);stroke:var(--ink)}
.plot .fell{fill:var(--notmet);stroke:var(--paper)}
.key{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;margin:.5rem 0;color:var(--ink-2)}
.key svg{display:inline-block;vertical-align:-.2rem;margin-inline-end:.375rem;width:1.75rem}
footer{border-top:1px solid var(--rule);margin-top:3rem;padding-top:1rem;color:var(--ink-3)}
@media screen and (max-width:48rem){
main{padding:1rem}
.call strong{font-size:2.5rem}
.because{font-size:1rem;line-height:1.5rem}
section>header,dl{display:block}
section>header .count{display:block;text-align:start}
dt{border:0;padding-bottom:0}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table,tbody,tr,td{display:block}
tr{border-bottom:1px solid var(--rule-2);padding:.5rem 0}
td,td:nth-child(2){border:0;padding:.125rem 0;min-width:0}
td:empty{display:none}
td[data-label]::before{content:attr(data-label);display:block;color:var(--ink-3);font:.75rem/1rem var(--text)}
.c1{width:auto}
a{display:inline-block;min-height:1.75rem}
}
@media print{
@page{size:A4;margin:14mm 12mm}
body{background:#fff;font-size:9pt;line-height:12pt}
main{max-width:none;padding:0}
.toc,.skip{display:none}
section{margin-top:1.5rem}
thead{display:table-header-group}
td{padding:.25rem .625rem .25rem 0}
th{padding-right:.625rem}
.c1{width:7rem}
tr,figure{break-inside:avoid}
.scroll{overflow:visible}
.scroll svg{min-width:0}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
@media (forced-colors:active){.state svg,.call svg{forced-color-adjust:auto}}
`;
