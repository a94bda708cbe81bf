// Declarations of imports and of `import.meta.env` for TypeScript. Copy this file beside your tsconfig.json and name it
// there, in `include` or `types`; it contains no code.

/** The mode of the build, and public environment variables. */
interface ImportMetaEnv {
  readonly MODE: "development" | "production";
  readonly DEV: boolean;
  readonly PROD: boolean;
  readonly BASE_URL: "/";
  /** Environment variables of the build. Variables without the public prefix are undefined. */
  readonly [variable: `PUBLIC_${string}`]: string | undefined;
}

interface ImportMeta {
  readonly env: ImportMetaEnv;
}

declare module "*.module.css" {
  /** Generated names, by name in the style sheet. */
  const names: Readonly<Record<string, string>>;
  export default names;
}

declare module "*.css" {}

declare module "*?url" {
  const url: string;
  export default url;
}

declare module "*?raw" {
  const text: string;
  export default text;
}

declare module "*?inline" {
  /** A `data:` URL; of a style sheet, its compiled text. */
  const content: string;
  export default content;
}

declare module "*?worker" {
  const Script: new (options?: WorkerOptions) => Worker;
  export default Script;
}

declare module "*?sharedworker" {
  const Script: new (options?: WorkerOptions) => SharedWorker;
  export default Script;
}

declare module "*.txt" {
  const text: string;
  export default text;
}

// The import of every other file is its URL.
declare module "*.avif" {
  const url: string;
  export default url;
}
declare module "*.gif" {
  const url: string;
  export default url;
}
declare module "*.ico" {
  const url: string;
  export default url;
}
declare module "*.jpg" {
  const url: string;
  export default url;
}
declare module "*.jpeg" {
  const url: string;
  export default url;
}
declare module "*.mp3" {
  const url: string;
  export default url;
}
declare module "*.mp4" {
  const url: string;
  export default url;
}
declare module "*.pdf" {
  const url: string;
  export default url;
}
declare module "*.png" {
  const url: string;
  export default url;
}
declare module "*.svg" {
  const url: string;
  export default url;
}
declare module "*.wasm" {
  const url: string;
  export default url;
}
declare module "*.webm" {
  const url: string;
  export default url;
}
declare module "*.webp" {
  const url: string;
  export default url;
}
declare module "*.woff2" {
  const url: string;
  export default url;
}
