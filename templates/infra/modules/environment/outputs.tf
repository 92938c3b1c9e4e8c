output "cluster" {
  description = "How to reach the cluster."
  sensitive   = true
  value = {
    host           = digitalocean_kubernetes_cluster.cluster.endpoint
    token          = digitalocean_kubernetes_cluster.cluster.kube_config[0].token
    ca_certificate = base64decode(digitalocean_kubernetes_cluster.cluster.kube_config[0].cluster_ca_certificate)
  }
}

output "database_url" {
  description = "The address of the database, for backups."
  sensitive   = true
  value       = "postgresql://${digitalocean_database_cluster.database.user}:${urlencode(digitalocean_database_cluster.database.password)}@${digitalocean_database_cluster.database.host}:${digitalocean_database_cluster.database.port}/${digitalocean_database_db.app.name}?sslmode=require"
}

output "flux_private_key" {
  description = "What Flux reads the ops repository with."
  sensitive   = true
  value       = tls_private_key.flux.private_key_openssh

  # Known to GitHub before Flux comes with it.
  depends_on = [github_repository_deploy_key.flux]
}
