import { done } from "./done";

await document.fonts.load("16px 'Inter Variable'");
done(String([...document.fonts].some((face) => face.family.includes("Inter Variable") && face.status === "loaded")));
