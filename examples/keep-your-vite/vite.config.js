import { defineConfig } from "vite";

export default defineConfig({
    root: "web",
    build: {
        outDir: "../dist",
        emptyOutDir: true,
        // As files, and not as `data:` URLs: a file is cached for ever, and its name is its content's.
        assetsInlineLimit: 0,
    },
});
