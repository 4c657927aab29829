/* Draws the charts of a page from its JSON, in the colours of the reader's mode. No other logic belongs here. */
(function () {
  'use strict';
  var root = document.documentElement;
  var dark = matchMedia('(prefers-color-scheme: dark)');
  var phone = matchMedia('(max-width: 640px)');
  var page = JSON.parse(document.getElementById('specs').textContent);
  var drawn = {};
  var printing = false;

  function mode() { return root.dataset.theme || (dark.matches ? 'dark' : 'light'); }

  // "@name" in a spec is the colour that the style sheet has for the mode.
  function coloured(spec) {
    var styles = getComputedStyle(root);
    return JSON.parse(JSON.stringify(spec), function (key, value) {
      return typeof value === 'string' && value[0] === '@' && /color/i.test(key)
        ? styles.getPropertyValue('--' + value.slice(1)).trim() : value;
    });
  }

  function specOf(id, layout) {
    var spec = coloured({data: page.charts[id].data, layout: layout});
    spec.layout.template = coloured(page.template);
    return spec;
  }

  function draw(id) {
    var element = document.getElementById(id);
    var chart = page.charts[id];
    var spec = specOf(id, phone.matches && !printing ? chart.narrow : chart.layout);
    spec.layout.autosize = !printing;
    // a chart keeps the size of the screen, so for paper it is told one, which the style sheet scales to what A4 leaves
    if (printing) {
      spec.layout.width = 830;
      spec.layout.height = parseFloat(getComputedStyle(element.parentNode).getPropertyValue('--wide'));
    }
    drawn[id] = true;
    return Plotly.react(element, spec.data, spec.layout, page.config);
  }

  function redraw() { Object.keys(drawn).forEach(draw); }
  function drawAll() { Object.keys(page.charts).forEach(draw); }

  // For a script that replaces what a chart shows: without a spec nothing is drawn.
  window.charts = {page: page, show: function (id, spec) {
    if (spec) { page.charts[id] = spec; return draw(id); }
    delete page.charts[id]; delete drawn[id];
    Plotly.purge(document.getElementById(id));
  }};

  var charts = Object.keys(page.charts);
  if ('IntersectionObserver' in window) {
    var observer = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) {
        if (entry.isIntersecting && !drawn[entry.target.id] && page.charts[entry.target.id]) { draw(entry.target.id); }
      });
    }, {rootMargin: '400px'});
    charts.forEach(function (id) { observer.observe(document.getElementById(id)); });
  } else { drawAll(); }

  var button = document.getElementById('theme');
  function label() { button.textContent = mode() === 'dark' ? 'Light mode' : 'Dark mode'; }
  try { var saved = localStorage.getItem('theme'); if (saved) { root.dataset.theme = saved; } } catch (error) { /* no storage */ }
  button.hidden = false;
  label();
  button.addEventListener('click', function () {
    root.dataset.theme = mode() === 'dark' ? 'light' : 'dark';
    try { localStorage.setItem('theme', root.dataset.theme); } catch (error) { /* no storage */ }
    label(); redraw();
  });
  dark.addEventListener('change', function () { label(); redraw(); });
  phone.addEventListener('change', redraw);

  // A picture is for slides and mails: wide and in light colours, whatever the reader's are.
  takeAway(function (card) {
    var id = card.id.replace('card-', ''), mine = root.dataset.theme;
    root.dataset.theme = 'light';
    var spec = specOf(id, page.charts[id].layout), picture = takePicture(card, spec);
    if (mine) { root.dataset.theme = mine; } else { delete root.dataset.theme; }
    return picture;
  });

  var before, opened = [];
  addEventListener('beforeprint', function () {
    before = root.dataset.theme; root.dataset.theme = 'light'; printing = true; drawAll();
    opened = Array.prototype.slice.call(document.querySelectorAll('.counted:not([open])'));
    opened.forEach(function (one) { one.open = true; });
  });
  addEventListener('afterprint', function () {
    printing = false;
    opened.forEach(function (one) { one.open = false; });
    if (before) { root.dataset.theme = before; } else { delete root.dataset.theme; }
    redraw();
  });
})();
