// Says, while a date is typed, what it is understood as. Without it the page says so when saved.
"use strict";
{
  const WAIT = 250;
  const pending = new WeakMap();

  const piece = (tag, name, text) => {
    const element = document.createElement(tag);
    element.className = name;
    element.textContent = text;
    return element;
  };

  const show = (place, answer) => {
    place.replaceChildren();
    if (answer.problem) {
      place.append(piece("span", "problem", answer.problem));
    } else if (answer.label) {
      place.append(
        piece("strong", "label", answer.label), " ",
        piece("code", "", answer.edtf), " ",
        piece("span", "extent", answer.extent));
    }
  };

  const ask = async (input, box) => {
    const url = `${box.dataset.understand}?text=${encodeURIComponent(input.value)}`;
    try {
      const response = await fetch(url, { headers: { Accept: "application/json" } });
      if (!response.ok || response.redirected) return;
      const answer = await response.json();
      if (pending.get(input)) return; // something newer was typed meanwhile
      show(box.querySelector(".understood"), answer);
    } catch {
      // Offline or logged out: saving will tell.
    }
  };

  document.addEventListener("input", (event) => {
    const box = event.target.closest(".date-in-words");
    if (!box) return;
    const input = event.target;
    clearTimeout(pending.get(input));
    pending.set(input, setTimeout(() => {
      pending.delete(input);
      ask(input, box);
    }, WAIT));
  });
}
