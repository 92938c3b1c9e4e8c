terraform {
  backend "s3" {
    endpoints                   = { s3 = "https://fra1.digitaloceanspaces.com" }
    region                      = "us-east-1" # Spaces reads the one in its address
    bucket                      = "acme-infra-state"
    key                         = "production/terraform.tfstate"
    use_lockfile                = true
    skip_credentials_validation = true
    skip_metadata_api_check     = true
    skip_region_validation      = true
    skip_requesting_account_id  = true
    skip_s3_checksum            = true
  }
}
