// Builds each file of src/islands into a script that holds all that it needs.
// Called by backend.py with a folder; else it builds into the folder that the package ships.
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const outDir = process.argv[2] ?? here("../service/explorer/static/islands");
const files = readdirSync(here("src/islands")).filter((file) => file.endsWith(".ts"));

for (const [at, file] of files.sort().entries()) {
  await build({
    root: here("."),
    configFile: false,
    logLevel: "warn",
    publicDir: false,
    build: {
      outDir,
      emptyOutDir: at === 0,
      target: "es2022",
      modulePreload: false,
      rollupOptions: {
        input: here(`src/islands/${file}`),
        output: { entryFileNames: "[name].js", codeSplitting: false },
      },
    },
  });
}
