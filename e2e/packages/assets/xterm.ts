import { Terminal } from "@xterm/xterm";
import "@xterm/xterm/css/xterm.css";
import { done } from "./done";

const terminal = new Terminal({ theme: { foreground: "#010203" } });
terminal.open(document.querySelector("main")!);
terminal.write("hello", () => done(getComputedStyle(document.querySelector(".xterm-rows")!).color));
