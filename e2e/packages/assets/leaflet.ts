import { Icon, map, marker } from "leaflet";
import "leaflet/dist/leaflet.css";
import iconUrl from "leaflet/dist/images/marker-icon.png";
import iconRetinaUrl from "leaflet/dist/images/marker-icon-2x.png";
import shadowUrl from "leaflet/dist/images/marker-shadow.png";
import { done } from "./done";

// Leaflet derives the URLs of its default icon from one of them, which no hashed URL allows.
const icon = new Icon({ iconUrl, iconRetinaUrl, shadowUrl, iconSize: [25, 41] });
const main = document.querySelector("main")!;
main.style.height = "200px";
marker([0, 0], { icon }).addTo(map(main).setView([0, 0], 3));
const image = document.querySelector<HTMLImageElement>(".leaflet-marker-icon")!;
await image.decode();
done(String(image.naturalWidth > 0));
