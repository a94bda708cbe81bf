import { Collapse } from "bootstrap";
import "bootstrap/dist/css/bootstrap.min.css";
import "bootstrap-icons/font/bootstrap-icons.css";
import { done } from "./done";

const main = document.querySelector("main")!;
main.className = "collapse bi bi-alarm";
new Collapse(main).show();
await document.fonts.load("16px bootstrap-icons");
done(String(document.fonts.check("16px bootstrap-icons")));
