import { expose } from "comlink";

const twice = { twice: (number: number) => 2 * number };
export type Twice = typeof twice;
expose(twice);
