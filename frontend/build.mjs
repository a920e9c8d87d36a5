// Bundles what the desk's pages run into static/built: small modules for every page, charts only where one is drawn.
import { build } from "esbuild";

await build({
  entryPoints: ["src/app.js", "src/charts.js"],
  outdir: "../src/huiying/desk/static/built",
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022"],
  charset: "utf8",
  legalComments: "eof",
  logLevel: "warning",
});
