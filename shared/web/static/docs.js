// Shows the description of the service this page belongs to; nothing is fetched from elsewhere.
"use strict";
const docs = document.getElementById("docs");
SwaggerUIBundle({ url: docs.dataset.url, domNode: docs, deepLinking: true, validatorUrl: null });
