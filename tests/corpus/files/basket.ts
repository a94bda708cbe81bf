import { Injectable } from "./injectable";
import type { Price, Product } from "./catalogue";

export interface Line {
  readonly product: Product;
  quantity: number;
}

export enum Currency {
  Euro = "EUR",
  Pound = "GBP",
}

@Injectable()
export class Basket {
  private lines: Map<string, Line> = new Map();

  constructor(private readonly currency: Currency) {}

  add(product: Product, quantity: number = 1): void {
    const line = this.lines.get(product.id);
    if (line !== undefined) {
      line.quantity += quantity;
    } else {
      this.lines.set(product.id, { product, quantity });
    }
  }

  total(): Price {
    let cents: number = 0;
    for (const { product, quantity } of this.lines.values()) {
      cents += product.cents * quantity;
    }
    return { cents, currency: this.currency } as Price;
  }
}
