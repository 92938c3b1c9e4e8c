terraform {
  required_version = ">= 1.10"

  required_providers {
    digitalocean = {
      source  = "digitalocean/digitalocean"
      version = "~> 2.67"
    }
    flux = {
      source  = "fluxcd/flux"
      version = "~> 1.7"
    }
    github = {
      source  = "integrations/github"
      version = "~> 6.7"
    }
  }
}

# DIGITALOCEAN_TOKEN and GITHUB_TOKEN are in the environment.
provider "digitalocean" {}

provider "github" {
  owner = "acme"
}

provider "flux" {
  kubernetes = {
    host                   = module.environment.cluster.host
    token                  = module.environment.cluster.token
    cluster_ca_certificate = module.environment.cluster.ca_certificate
  }
  git = {
    url = "ssh://git@github.com/acme/ops.git"
    ssh = {
      username    = "git"
      private_key = module.environment.flux_private_key
    }
  }
}

module "environment" {
  source = "../modules/environment"

  name           = "staging"
  region         = "fra1"
  ops_repository = "ops"

  network            = "10.10.0.0/20"
  kubernetes_version = "1.35."
  highly_available   = false
  node_size          = "s-2vcpu-4gb"
  nodes              = { min = 1, max = 3 }

  database_version = "17"
  database_size    = "db-s-1vcpu-1gb"
  database_nodes   = 1
  backup_addresses = []
}

resource "flux_bootstrap_git" "ops" {
  path               = "clusters/staging"
  embedded_manifests = true

  depends_on = [module.environment]
}

output "database_url" {
  value     = module.environment.database_url
  sensitive = true
}
