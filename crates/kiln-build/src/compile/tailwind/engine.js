// Runs before and after the official engine is evaluated: what the engine expects of its surroundings, and
// the two functions that tailwind.rs calls. `host*` functions are Rust.

globalThis.structuredClone = (value) => JSON.parse(JSON.stringify(value));
globalThis.process = { env: {}, cwd: () => "/" };
globalThis.console = {
  log() {},
  warn: (...words) => hostWarn(words.join(" ")),
  error: (...words) => hostWarn(words.join(" ")),
};

const modules = new Map();

/** Node's `require` for what engines and plugins are made of: CommonJS files and JSON. */
globalThis.kilnRequire = (path) => {
  const known = modules.get(path);
  if (known) return known.exports;
  const module = { exports: {} };
  modules.set(path, module);
  const source = hostRead(path);
  if (path.endsWith(".json")) {
    module.exports = JSON.parse(source);
    return module.exports;
  }
  const folder = path.slice(0, path.lastIndexOf("/"));
  const require = (id) => kilnRequire(hostResolveModule(id, folder));
  new Function("module", "exports", "require", "__filename", "__dirname", source)(
    module, module.exports, require, path, folder,
  );
  return module.exports;
};

let compiler;

globalThis.kilnCompile = async (engine, css, path, base) => {
  compiler = await kilnRequire(engine).compile(css, {
    base,
    from: path,
    loadStylesheet: async (id, from) => JSON.parse(hostLoadStylesheet(id, from)),
    loadModule: async (id, from) => {
      const path = hostResolveModule(id, from);
      const exported = kilnRequire(path);
      return { path, base: path.slice(0, path.lastIndexOf("/")), module: exported.default ?? exported };
    },
  });
  return JSON.stringify({ sources: compiler.sources, root: compiler.root });
};

globalThis.kilnBuild = (candidates) => compiler.build(JSON.parse(candidates));
