// Another variant is another address of the product: its section is rendered anew and takes the old one's place.
document.addEventListener("change", async ({ target }) => {
  if (!(target instanceof HTMLSelectElement) || target.dataset.variants === undefined) return;
  const { url, section } = target.dataset;
  const page = `${url}?variant=${target.value}`;
  const response = await fetch(`${page}&section_id=${section}`);
  const text = await response.text();
  const next = new DOMParser()
    .parseFromString(text, "text/html")
    .querySelector(`#shopify-section-${section}`);
  document.querySelector(`#shopify-section-${section}`).innerHTML = next.innerHTML;
  history.replaceState({}, "", page);
  document.querySelector(`#shopify-section-${section} [data-variants]`).focus();
});
