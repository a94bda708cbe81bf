type Visits = { count: number };

const shown = document.querySelector("#visits");
const answer = await fetch("/api/visits", { method: "POST" });
const visits: Visits = await answer.json();
if (shown !== null) shown.textContent = `Visits so far: ${visits.count}`;
