const answer = await fetch("/api/hello");
document.querySelector("#greeting").textContent = await answer.text();
