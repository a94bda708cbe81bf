document.body.append(String(<p>text</p>));
