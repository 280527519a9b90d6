(() => {
  // ---- days left, counted on the day the page is read
  const days = document.getElementById("days");
  if (days) {
    const [year, month, day] = days.dataset.safe.split("-").map(Number);
    const now = new Date();
    const left = Math.round((Date.UTC(year, month - 1, day) - Date.UTC(now.getFullYear(), now.getMonth(), now.getDate())) / 86400000);
    days.querySelector("b").textContent = Math.abs(left);
    days.querySelector(".left").hidden = left < 0;
    days.querySelector(".late").hidden = left >= 0;
    days.classList.toggle("off", left < 0);
    days.classList.toggle("soft", left >= 0 && left < 4);
  }

  // ---- an item lights its sentence, a sentence its item, a demand all that answers it
  const byItem = new Map();
  for (const element of all("[data-item]")) {
    const list = byItem.get(element.dataset.item) || [];
    list.push(element);
    byItem.set(element.dataset.item, list);
  }
  const demands = all("[data-items]").map((element) => [element, element.dataset.items.split(" ")]);
  let pinned = [];
  let lit = [];
  const light = (items) => {
    for (const element of lit) element.classList.remove("lit");
    lit = items.flatMap((item) => byItem.get(item) || []);
    if (items.length === 1) lit = lit.concat(demands.filter(([, named]) => named.includes(items[0])).map(([element]) => element));
    for (const element of lit) element.classList.add("lit");
  };
  const itemsAt = (target) => {
    const one = target.closest("[data-item]");
    if (one) return [one.dataset.item];
    const many = target.closest("[data-items]");
    return many ? many.dataset.items.split(" ").filter(Boolean) : [];
  };
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const items = itemsAt(event.target);
    light(items.length ? items : pinned);
  });
  document.addEventListener("focusin", (event) => { const items = itemsAt(event.target); if (items.length) light(items); });
  document.addEventListener("focusout", () => light(pinned));

  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const narrow = matchMedia("(max-width: 60rem)");
  const show = (element) => {
    if (!element) return;
    // Nobody wants to watch twenty pages fly by.
    const far = Math.abs(element.getBoundingClientRect().top) > 3 * innerHeight;
    const bring = (behavior) => element.scrollIntoView({ block: "center", behavior });
    bring(still || far ? "auto" : "smooth");
    // On the way there a big page is laid out for the first time, and its parts turn out longer than they were taken for.
    if (far) requestAnimationFrame(() => requestAnimationFrame(() => bring("auto")));
  };
  const close = document.getElementById("close");
  const pin = (items) => {
    pinned = items;
    light(items);
    for (const element of all(".sheeted")) element.classList.remove("sheeted");
    close.hidden = true;
  };
  const cardOf = (item) => (byItem.get(item) || []).find((element) => element.classList.contains("item"));
  const sentenceOf = (item) => (byItem.get(item) || []).find((element) => element.classList.contains("say") && element.id);
  document.addEventListener("click", (event) => {
    if (event.target.closest("button, summary")) return;
    const link = event.target.closest("a[href^='#']");
    const items = itemsAt(event.target);
    if (!items.length) {
      if (link && link.classList.contains("skip")) return;
      if (!link) pin([]);
      return;
    }
    // A finding leads to its own mark, not only to its item.
    if (link && link.classList.contains("jump")) { pin(items); return; }
    const fromLetter = event.target.closest(".say");
    if (link) event.preventDefault();
    pin(items);
    if (fromLetter) {
      const card = cardOf(items[0]);
      if (narrow.matches && card) {
        // On a phone the item comes up from below, and the sentence stays in sight.
        card.classList.add("sheeted");
        card.append(close);
        close.hidden = false;
      } else show(card);
      if (event.detail === 0 && card) card.focus({ preventScroll: true });
    } else if (link && link.getAttribute("href").startsWith("#i-")) {
      show(cardOf(items[0]));
      if (event.detail === 0) cardOf(items[0])?.focus({ preventScroll: true });
    } else {
      const sentence = sentenceOf(items[0]);
      show(sentence);
      if (event.detail === 0 && sentence) sentence.focus({ preventScroll: true });
    }
  });
  close.addEventListener("click", () => { const [item] = pinned; pin([]); sentenceOf(item)?.focus({ preventScroll: true }); });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") pin([]); });
})();
