import Chart from "chart.js/auto";
import { done } from "./done";

const canvas = document.querySelector("main")!.appendChild(document.createElement("canvas"));
const chart = new Chart(canvas, { type: "bar", data: { labels: ["a"], datasets: [{ data: [1] }] } });
done(String(chart.data.labels!.length));
