'use strict';

const pad = (value) => String(value).padStart(2, '0');

function render(element, now = new Date()) {
  element.textContent = `${pad(now.getHours())}:${pad(now.getMinutes())}`;
}

document.addEventListener('DOMContentLoaded', () => {
  const face = document.querySelector('#clock');
  if (!face) {
    console.warn('no clock on this page');
    return;
  }
  render(face);
  setInterval(() => render(face), 1000);
});

module.exports = { pad, render };
