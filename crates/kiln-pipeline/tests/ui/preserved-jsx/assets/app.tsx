console.log(<p>x</p>);
