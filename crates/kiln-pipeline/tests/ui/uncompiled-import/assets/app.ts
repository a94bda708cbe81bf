import "./theme.styl";
import App from "./App.vue";
console.log(App);
