import Alpine from "@alpinejs/csp";
import { done } from "./done";

Alpine.data("counter", () => ({
  count: 41,
  init() {
    done(String(this.count + 1));
  },
}));
Alpine.start();
