import { render } from "preact";

export function App() {
  return <main>Hello</section>;
}
