/* Swaps what some cards show when a unit, a platform or a period is chosen. Every text and number is made in advance. */
(function () {
  'use strict';
  var form = document.getElementById('look');
  if (!form || !window.charts || !charts.page.look) { return; }
  var cube = charts.page.look;
  var selects = cube.selects.map(function (one) { return form.querySelector('select[name=' + one.name + ']'); });
  var status = document.getElementById('look-status');
  var place = selects.map(function () { return 0; });

  function at(where) { return where.reduce(function (found, index) { return found[index]; }, cube.states); }
  function isShown(where) { return typeof at(where) === 'object'; }

  function make(tag, attributes) {
    var element = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (name) { element.setAttribute(name, attributes[name]); });
    return element;
  }

  // A text is a string, or a list of strings and of numbers, [text, value, cell], that name their released cell.
  function say(element, parts) {
    element.textContent = '';
    [].concat(parts).forEach(function (part) {
      var child = typeof part === 'string' ? document.createTextNode(part) : make('span', {'data-value': part[1], 'data-cell': part[2]});
      if (typeof part !== 'string') { child.textContent = part[0]; }
      element.appendChild(child);
    });
    return element;
  }

  function fill(table, shown) {
    say(table.caption, shown.caption);
    table.closest('.scroller').setAttribute('aria-label', shown.caption);
    var head = make('tr');
    shown.heads.forEach(function (one) { head.appendChild(say(make('th', {scope: 'col'}), one[1])).className = one[2] ? 'text' : ''; });
    table.tHead.replaceChildren(head);
    table.tBodies[0].replaceChildren.apply(table.tBodies[0], shown.rows.map(function (cells) {
      var row = make('tr', {'data-row': cells[0]});
      cells.slice(1).forEach(function (cell, index) {
        var column = shown.heads[index], parts = [].concat(cell);
        var element = index ? make('td', {'data-column': column[0]}) : make('th', {scope: 'row'});
        ['value', 'low', 'high'].forEach(function (name, at) { if (index && parts[at + 1]) { element.dataset[name] = parts[at + 1]; } });
        if (index && column[2]) { element.className = 'text'; }
        row.appendChild(say(element, parts[0]));
      });
      return row;
    }));
  }

  function show(id, shown) {
    var card = document.getElementById('card-' + id), has = !!shown.chart;
    var keys = card.querySelector('.keys') || card.insertBefore(make('ul', {'class': 'keys'}), card.querySelector('.plot'));
    var alt = document.getElementById(id + '-alt');
    var events = document.getElementById(id + '-events');
    var note = document.getElementById(id + '-note') || card.insertBefore(make('p', {id: id + '-note'}), events.nextSibling);
    say(document.getElementById(id + '-title'), shown.headline);
    say(card.querySelector('.sub'), shown.sub);
    say(alt, shown.alt);
    say(note, shown.note).className = has ? 'note' : 'note missing';
    keys.replaceChildren.apply(keys, shown.keys.map(function (key) {
      var item = make('li'), words = say(make('span'), key[2]);
      item.append(make('i', {'class': key[0] + ' ' + key[1]}), words);
      return item;
    }));
    say(card.querySelector('.source'), shown.source);
    say(events, shown.events).hidden = !shown.events;
    note.hidden = !shown.note.length;
    keys.hidden = !shown.keys.length;
    card.querySelectorAll('.plot, .take, details:not(.counted)').forEach(function (one) { one.hidden = !has; });
    if (has) { fill(card.querySelector('table'), shown); }
    charts.show(id, shown.chart);
  }

  function offer() {
    selects.forEach(function (select, axis) {
      cube.selects[axis].labels.forEach(function (label, index) {
        var other = place.slice(), option = select.options[index];
        other[axis] = index;
        option.disabled = !isShown(other);
        option.textContent = option.disabled ? label + ' \u2013 ' + cube.why[at(other)] : label;
      });
      select.selectedIndex = place[axis];
    });
  }

  function named() { cube.cards.forEach(function (id) { document.getElementById('card-' + id).dataset.scope = at(place).file; }); }

  function go(where) {
    place = where;
    var state = at(place), query = new URLSearchParams();
    cube.cards.forEach(function (id, index) { show(id, state.cards[index]); });
    selects.forEach(function (select, axis) { if (place[axis]) { query.set(select.name, select.options[place[axis]].value); } });
    say(status, state.status);
    offer();
    named();
    try { history.replaceState(null, '', (String(query) ? '?' + query : location.pathname) + location.hash); } catch (error) { /* an address that may not change */ }
  }

  function asked() {
    var query = new URLSearchParams(location.search);
    return selects.map(function (select) {
      if (!query.has(select.name)) { return 0; }
      return Array.prototype.findIndex.call(select.options, function (one) { return one.value === query.get(select.name); });
    });
  }

  selects.forEach(function (select, axis) {
    select.addEventListener('change', function () {
      var where = place.slice();
      where[axis] = select.selectedIndex;
      if (isShown(where)) { go(where); } else { offer(); }
    });
  });
  form.hidden = false;
  named();
  var wanted = asked(), isKnown = wanted.indexOf(-1) < 0 && isShown(wanted);
  if (isKnown && wanted.some(Boolean)) { go(wanted); } else { offer(); }
  if (!isKnown) {
    go(place);
    say(status, 'What the address asks for is not shown. ' + at(place).status);
  }
})();
