/* Takes a chart away: its table as CSV, or a picture of it with its headline, source and key, in light colours. */
(function () {
  'use strict';
  var WIDTH = 960, EDGE = 32, SCALE = 2;

  function save(blob, name) {
    var link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 1000);
  }

  // A spreadsheet runs a text that begins like this as a formula.
  function field(cell) {
    var text = cell.dataset.value === undefined ? cell.textContent.trim() : cell.dataset.value;
    if (cell.dataset.value === undefined && /^[=+\-@\t\r]/.test(text)) { text = "'" + text; }
    return '"' + text.replace(/"/g, '""') + '"';
  }

  function table(card) {
    var rows = Array.prototype.map.call(card.querySelectorAll('tr'), function (row) {
      return Array.prototype.map.call(row.cells, field).join(',');
    });
    return new Blob(['\ufeff' + rows.join('\r\n') + '\r\n'], {type: 'text/csv;charset=utf-8'});
  }

  function text(card, selector) {
    return Array.prototype.map.call(card.querySelectorAll(selector), function (one) { return one.textContent.trim(); });
  }

  function lines(pen, words, width) {
    return words.split(/\s+/).reduce(function (found, word) {
      var longer = found.length ? found[found.length - 1] + ' ' + word : word;
      if (found.length && pen.measureText(longer).width <= width) { found[found.length - 1] = longer; } else { found.push(word); }
      return found;
    }, []);
  }

  function patch(pen, left, top, shape, colour) {
    pen.fillStyle = pen.strokeStyle = colour;
    pen.lineWidth = 2;
    pen.beginPath();
    if (shape === 'dot' || shape === 'ring') {
      pen.arc(left + 6, top + 6, 5, 0, 2 * Math.PI);
      if (shape === 'dot') { pen.fill(); } else { pen.stroke(); }
    } else if (shape === 'hatch' || shape === 'striped') {
      [0, 4, 8].forEach(function (x) { pen.moveTo(left + x, top + 12); pen.lineTo(left + x + 4, top); });
      pen.stroke();
    } else {
      pen.globalAlpha = shape === 'band' ? 0.24 : 1;
      pen.fillRect(left, shape === 'dash' ? top + 5 : top, 12, shape === 'dash' ? 2 : 12);
      pen.globalAlpha = 1;
    }
  }

  // The words for the colours, one after another, each behind a patch of its colour.
  function key(card, pen, top, token) {
    var left = EDGE;
    card.querySelectorAll('.keys li').forEach(function (one) {
      var words = one.textContent.trim(), look = one.querySelector('i').classList;
      patch(pen, left, top + 4, look[0], token(look[1]));
      pen.fillStyle = token('muted');
      pen.fillText(words, left + 18, top + 15);
      left += pen.measureText(words).width + 40;
    });
  }

  function drawn(card, image, height, token) {
    var canvas = document.createElement('canvas'), pen = canvas.getContext('2d');
    var family = getComputedStyle(document.body).fontFamily;
    var said = [
      {text: text(card, 'h2')[0], font: '600 22px ' + family, step: 30, colour: token('ink')},
      {text: text(card, '.sub')[0], font: '15px ' + family, step: 24, colour: token('muted')},
      {text: text(card, '.source')[0], font: '13px ' + family, step: 20, colour: token('muted')}
    ];
    said.forEach(function (one) { pen.font = one.font; one.lines = lines(pen, one.text, WIDTH - 2 * EDGE); one.height = one.lines.length * one.step; });
    canvas.width = WIDTH * SCALE;
    var keyed = card.querySelector('.keys') ? 24 : 0;
    canvas.height = (said[0].height + said[1].height + said[2].height + keyed + height + 3 * EDGE) * SCALE;
    pen.scale(SCALE, SCALE);
    pen.fillStyle = token('card');
    pen.fillRect(0, 0, canvas.width, canvas.height);
    var top = EDGE;
    said.forEach(function (one, place) {
      if (place === 2 && keyed) { pen.font = said[1].font; key(card, pen, top, token); top += keyed; }
      if (place === 2) { pen.drawImage(image, EDGE, top, WIDTH - 2 * EDGE, height); top += height + EDGE / 2; }
      pen.font = one.font;
      pen.fillStyle = one.colour;
      one.lines.forEach(function (line) { top += one.step; pen.fillText(line, EDGE, top - 8); });
    });
    return canvas;
  }

  // The spec is drawn anew, not the chart on the screen, which may be narrow or dark; colours are those of now.
  window.takePicture = function (card, spec) {
    var height = parseInt(card.querySelector('.plot').style.getPropertyValue('--wide'), 10);
    var styles = getComputedStyle(document.documentElement), tokens = {};
    ['ink', 'muted', 'card', 'c1', 'c2', 'c3', 'c4', 'n', 'soft'].forEach(function (name) {
      tokens[name] = styles.getPropertyValue('--' + name).trim();
    });
    function token(name) { return tokens[name]; }
    return Plotly.toImage(spec, {format: 'svg', width: WIDTH - 2 * EDGE, height: height}).then(function (url) {
      return new Promise(function (done) {
        var image = new Image();
        image.onload = function () { drawn(card, image, height, token).toBlob(done, 'image/png'); };
        image.src = url;
      });
    });
  };

  window.takeAway = function (pictured) {
    document.querySelectorAll('.take').forEach(function (row) {
      var card = row.closest('.card');
      row.hidden = false;
      row.addEventListener('click', function (event) {
        var what = event.target.dataset.take;
        var name = card.id.replace('card-', '') + (card.dataset.scope ? '-' + card.dataset.scope : '');
        if (what === 'csv') { save(table(card), name + '.csv'); }
        if (what === 'png') { pictured(card).then(function (blob) { save(blob, name + '.png'); }); }
      });
    });
  };
})();
