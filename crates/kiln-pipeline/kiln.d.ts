// What scripts may import and ask that TypeScript does not know by itself. Copy this file beside your
// tsconfig.json and name it there, in `include` or `types`; it declares and does nothing.

/** What a script may know of its build. */
interface ImportMetaEnv {
  readonly MODE: "development" | "production";
  readonly DEV: boolean;
  readonly PROD: boolean;
  readonly BASE_URL: "/";
  /** Variables of the environment of the build; others than those with the public prefix are not there. */
  readonly [variable: `PUBLIC_${string}`]: string | undefined;
}

interface ImportMeta {
  readonly env: ImportMetaEnv;
}

declare module "*.module.css" {
  /** The generated names, by those of the style sheet. */
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

// Of every other file, an import is the URL.
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
