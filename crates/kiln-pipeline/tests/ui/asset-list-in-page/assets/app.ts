import { assets } from "kiln:assets"; console.log(assets);
