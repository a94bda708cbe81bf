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

/** A CommonJS module: what it exports once it has run. */
const run = (source, path, require) => {
  const module = { exports: {} };
  const folder = path.slice(0, path.lastIndexOf("/"));
  modules.set(path, module);
  new Function("module", "exports", "require", "__filename", "__dirname", source)(
    module, module.exports, require, path, folder,
  );
  return module.exports;
};

/** The part of Node's own modules that plugins call while they load. */
const present = { util: { deprecate: (call) => call } };

/** A plugin may name any other part, as long as it can do without. */
const node = (id) => new Proxy(present[id.replace(/^node:/, "")] ?? {}, {
  get: (module, name) => {
    if (name in module) return module[name];
    if (name === "__esModule" || name === "default" || typeof name === "symbol") return undefined;
    return () => {
      throw new Error(`a plugin calls \`${name}\` of Node's \`${id}\`, and the build is not Node`);
    };
  },
});

/** The engine. */
globalThis.kilnEngine = (path) => modules.get(path)?.exports ?? run(hostRead(path), path, node);

let compiler;

globalThis.kilnCompile = async (engine, css, path, base) => {
  compiler = await kilnEngine(engine).compile(css, {
    base,
    from: path,
    loadStylesheet: async (id, from) => JSON.parse(hostLoadStylesheet(id, from)),
    loadModule: async (id, from) => {
      const { path, base, code } = JSON.parse(hostLoadModule(id, from));
      const exported = modules.get(path)?.exports ?? run(code, path, node);
      return { path, base, module: exported.default ?? exported };
    },
  });
  return JSON.stringify({ sources: compiler.sources, root: compiler.root });
};

globalThis.kilnBuild = (candidates) => compiler.build(JSON.parse(candidates));
