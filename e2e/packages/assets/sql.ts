import initSqlJs from "sql.js";
import wasm from "sql.js/dist/sql-wasm-browser.wasm?url";
import { done } from "./done";

const { Database } = await initSqlJs({ locateFile: () => wasm });
done(String(new Database().exec("SELECT 6 * 7")[0]!.values[0]![0]));
