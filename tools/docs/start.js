// Shows the document that this server answers at /api/schema. Nothing is fetched from elsewhere: no validator, no fonts.
SwaggerUIBundle({
  url: '/api/schema',
  dom_id: '#reference',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  filter: true,
  persistAuthorization: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
