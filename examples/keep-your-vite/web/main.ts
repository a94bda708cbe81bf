const answer: Response = await fetch("/api/hello");
const { greet } = await import("./lazy");
document.querySelector("p")!.textContent = greet(await answer.text());
