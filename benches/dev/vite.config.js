import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";

export default defineConfig({
  root: "assets",
  plugins: [tailwindcss()],
  server: { host: "127.0.0.1", port: 0, watch: { ignored: ["**/model/**"] } },
});
