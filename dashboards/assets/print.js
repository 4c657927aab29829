/* Draws all charts of the document to print at the width of a sheet, and says when the last one stands. */
(function () {
  'use strict';
  var document_ = JSON.parse(document.getElementById('specs').textContent);
  var drawn = Object.keys(document_.charts).map(function (id) {
    var element = document.getElementById(id), chart = document_.charts[id];
    chart.layout.template = document_.template;
    chart.layout.width = element.clientWidth;
    chart.layout.height = element.clientHeight;
    return Plotly.newPlot(element, chart.data, chart.layout, document_.config);
  });
  Promise.all(drawn).then(function () { document.documentElement.dataset.drawn = 'all'; });
})();
