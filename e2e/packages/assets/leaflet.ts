import { Icon, map, marker } from "leaflet";
import "leaflet/dist/leaflet.css";
import iconUrl from "leaflet/dist/images/marker-icon.png";
import iconRetinaUrl from "leaflet/dist/images/marker-icon-2x.png";
import shadowUrl from "leaflet/dist/images/marker-shadow.png";
import { done } from "./done";

Icon.Default.mergeOptions({ iconUrl, iconRetinaUrl, shadowUrl, imagePath: "" });
const main = document.querySelector("main")!;
main.style.height = "200px";
marker([0, 0]).addTo(map(main).setView([0, 0], 3));
const image = document.querySelector<HTMLImageElement>(".leaflet-marker-icon")!;
await image.decode();
done(String(image.naturalWidth > 0));
