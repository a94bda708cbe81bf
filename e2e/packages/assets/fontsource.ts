import "@fontsource/inter";
import url from "@fontsource/inter/files/inter-latin-700-normal.woff2?url";
import { done } from "./done";

await document.fonts.load("16px Inter");
const { status } = await fetch(url);
done(`${document.fonts.check("16px Inter")} ${status}`);
