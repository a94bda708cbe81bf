import { LitElement, css, html } from "lit";
import { done } from "./done";

class Greeting extends LitElement {
  static override styles = css`b { color: rgb(1, 2, 3) }`;
  override render() {
    return html`<b>hello</b>`;
  }
}
customElements.define("a-greeting", Greeting);
const greeting = document.querySelector("main")!.appendChild(new Greeting());
await greeting.updateComplete;
done(getComputedStyle(greeting.shadowRoot!.querySelector("b")!).color);
