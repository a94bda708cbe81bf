console.log(new URL("./img/loga.svg", import.meta.url));
