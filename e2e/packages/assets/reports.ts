import { done } from "./done";

const answer = await fetch("http://localhost:9/envelope", { method: "POST", body: "{}" });
done(String(answer.status));
